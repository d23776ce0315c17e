"""Web pages: what is their text among menus and banners, and what they say of themselves."""

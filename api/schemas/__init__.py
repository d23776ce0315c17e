"""The contract at the doors: what requests and responses hold. Unknown request fields are refused."""

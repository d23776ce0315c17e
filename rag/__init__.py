"""Policy: from a question to ranked evidence, an answer or an abstention, and citations."""

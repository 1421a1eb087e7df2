"""An answer by a link in an e-mail, for a desk where nobody has an account: it proves no identity and stops no ladder."""

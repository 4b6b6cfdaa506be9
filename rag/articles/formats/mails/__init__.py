"""Mails, alone and in mailboxes: their threads, and the files attached to them."""

"""What was said or sent: subtitles, transcripts, chats."""

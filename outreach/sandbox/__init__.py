"""A stand-in for Twilio, SendGrid and a print house: it speaks their wire protocols and calls back, signed."""

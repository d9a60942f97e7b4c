"""How good the data of the live territory are: what is odd, and where what is measured."""

import NIOSSL
print("x")

"""DCAT-AP 3.0.1."""


def build():
    pass

//! One text for all isomorphic graphs (RDFC-1.0), and the digest of that text.

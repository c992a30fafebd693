//! Who has a certificate? An authority of the tests, and servers that it vouches for, with OpenSSL's side of TLS.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use super::repository;

/// An authority with the certificates that it gave.
pub struct Authority {
    folder: tempfile::TempDir,
}

/// A server for one protocol.
pub struct TlsServer {
    pub port: u16,
    process: Child,
    output: BufReader<ChildStdout>,
}

impl Authority {
    /// `None`, said loudly, when there is no openssl.
    pub fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let authority = Self { folder };
        let made = authority.openssl(
            "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=Tests",
        );
        if !made {
            eprintln!("\n=== SKIPPED: no openssl for the certificates of the tests\n");
            return None;
        }
        Some(authority)
    }

    /// Its own certificate.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A server for `https`, `smtps`, `starttls` or `plain`, whose certificate holds for a name.
    pub fn server(&self, mode: &str, name: &str) -> TlsServer {
        let names = self.folder.path().join(format!("{mode}.ext"));
        fs::write(&names, format!("subjectAltName={name}\n")).unwrap();
        let steps = [
            format!(
                "req -newkey rsa:2048 -nodes -keyout {mode}.key -out {mode}.csr -subj /CN={mode}"
            ),
            format!(
                "x509 -req -in {mode}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out {mode}.pem \
                 -extfile {mode}.ext"
            ),
        ];
        for step in steps {
            assert!(self.openssl(&step), "openssl {step}");
        }
        let at = |name: String| self.folder.path().join(name);
        TlsServer::start(mode, &at(format!("{mode}.pem")), &at(format!("{mode}.key")))
    }

    fn openssl(&self, arguments: &str) -> bool {
        let run = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(self.folder.path())
            .output();
        run.is_ok_and(|output| output.status.success())
    }
}

impl TlsServer {
    fn start(mode: &str, certificate: &Path, key: &Path) -> Self {
        let mut process = Command::new("python3")
            .arg(repository("tests/it/support/tls.py"))
            .arg(mode)
            .args([certificate, key])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        Self {
            port: line.trim().parse().unwrap(),
            process,
            output,
        }
    }

    /// Waits for the next thing that it is given.
    pub fn next(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Stops it: everything that it was given and that was not looked at.
    pub fn stop(mut self) -> Vec<String> {
        let _ = self.process.kill();
        let _ = self.process.wait();
        (&mut self.output).lines().map_while(Result::ok).collect()
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

//! Where do the triples and the text index stand that are in force? Those of other vocabularies are made beside them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Names the number of the place in force; without it, it is the first.
const FILE: &str = "projections";
const TRIPLES: &str = "triples";
const TEXT: &str = "text";
/// Made by the triples beside them.
const INSTANTS: &str = "instants";

/// A folder of triples and one of text, told apart by a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(u32);

impl Place {
    pub fn in_force(data: &Path) -> io::Result<Self> {
        match fs::read_to_string(data.join(FILE)) {
            // What is no number was not written by us: the first is then made anew.
            Ok(text) => Ok(Self(text.trim().parse().unwrap_or(0))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self(0)),
            Err(error) => Err(error),
        }
    }

    /// A place that is free.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }

    pub fn triples(self, data: &Path) -> PathBuf {
        data.join(self.named(TRIPLES))
    }

    pub fn text(self, data: &Path) -> PathBuf {
        data.join(self.named(TEXT))
    }

    fn named(self, what: &str) -> String {
        match self.0 {
            0 => what.to_owned(),
            number => format!("{what}-{number}"),
        }
    }

    /// Makes this the place that the next start opens.
    pub fn put_in_force(self, data: &Path) -> io::Result<()> {
        let beside = data.join(format!("{FILE}.new"));
        fs::write(&beside, self.0.to_string())?;
        fs::File::open(&beside)?.sync_all()?;
        fs::rename(beside, data.join(FILE))
    }

    /// Removes what is here; what is not was removed before.
    pub fn remove(self, data: &Path) -> io::Result<()> {
        for what in [TRIPLES, TEXT, INSTANTS] {
            match fs::remove_dir_all(data.join(self.named(what))) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => (),
            }
        }
        Ok(())
    }

    /// Removes what other places have left behind, when a server stopped in the middle of a switch.
    pub fn remove_others(self, data: &Path) -> io::Result<()> {
        for entry in fs::read_dir(data)? {
            let name = entry?.file_name();
            let other = name.to_str().and_then(Self::of_folder);
            if let Some(other) = other.filter(|other| *other != self) {
                other.remove(data)?;
            }
        }
        Ok(())
    }

    fn of_folder(name: &str) -> Option<Self> {
        let rest = [TRIPLES, TEXT, INSTANTS]
            .iter()
            .find_map(|what| name.strip_prefix(what))?;
        match rest.strip_prefix('-') {
            None => rest.is_empty().then_some(Self(0)),
            Some(number) => number.parse().ok().map(Self),
        }
    }
}

//! What the run has seen.

use std::collections::BTreeSet;

#[derive(Default)]
pub struct Report {
    pub vectors: usize,
    pub quotes: usize,
    pub fixtures: usize,
    /// Fixtures of kinds that the verifier does not read.
    pub unread: usize,
    /// Quotes that the library reads and we refuse.
    pub theirs: usize,
    pub disagreements: usize,
    notes: BTreeSet<String>,
}

impl Report {
    pub fn disagree(&mut self, what: String) {
        self.disagreements += 1;
        println!("DISAGREES {what}");
    }

    /// Says something once.
    pub fn note(&mut self, what: String) {
        if self.notes.insert(what.clone()) {
            println!("{what}");
        }
    }
}

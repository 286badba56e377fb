//! Reads every vector of the pack with the tables of this program.

use crate::read::read;
use crate::report::Report;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tdx_codec_vectors::{file, MANIFEST};

fn json(path: &str) -> Result<Value, String> {
    serde_json::from_slice(file(path).ok_or(format!("{path} is missing"))?).map_err(|e| format!("{path}: {e}"))
}

fn unhex(value: &Value) -> Result<Vec<u8>, String> {
    hex::decode(value.as_str().unwrap_or_default()).map_err(|e| e.to_string())
}

fn index(value: &Value) -> usize {
    value.as_u64().unwrap_or(0) as usize
}

/// The bytes of a vector; of a negative one, patched.
fn bytes_of(path: &str, vector: &Value) -> Result<Vec<u8>, String> {
    let beside = |name: &str| path.rsplit_once('/').map_or(name.into(), |(folder, _)| format!("{folder}/{name}"));
    if let Some(name) = vector["bin"].as_str() {
        return Ok(file(&beside(name)).ok_or(format!("{name} is missing"))?.to_vec());
    }
    let Some(from) = vector["from"].as_str() else {
        return unhex(&vector["bytes"]);
    };
    let origin = beside(from);
    let mut data = bytes_of(&origin, &json(&origin)?)?;
    for patch in vector["patch"].as_array().into_iter().flatten() {
        if patch.get("truncate").is_some() {
            data.truncate(index(&patch["truncate"]));
        } else if patch.get("append").is_some() {
            data.extend(unhex(&patch["append"])?);
        } else {
            let new = unhex(&patch["hex"])?;
            let at = index(&patch["at"]);
            data[at..at + new.len()].copy_from_slice(&new);
        }
    }
    Ok(data)
}

/// Whether this program knows the structure.
fn check(entry: &Value) -> Result<bool, String> {
    let path = entry["path"].as_str().unwrap_or_default();
    let vector = json(path)?;
    let data = bytes_of(path, &vector)?;
    if hex::encode(Sha256::digest(&data)) != entry["sha256"] {
        return Err("another hash than the manifest says".into());
    }
    let Some(made) = read(entry["struct"].as_str().unwrap_or_default(), &data, vector["strict"] == true) else {
        return Ok(false);
    };
    match made {
        Ok(_) if entry["kind"] == "negative" => Err("must be refused, and is not".into()),
        Ok(value) if value != vector["value"] => Err(format!("another value: {value}")),
        Err(why) if entry["kind"] == "positive" => Err(why),
        _ => Ok(true),
    }
}

pub fn read_all(report: &mut Report) {
    let manifest: Value = serde_json::from_str(MANIFEST).expect("manifest.json");
    let entries = manifest["vectors"].as_array().map_or(&[][..], Vec::as_slice);
    if entries.is_empty() {
        report.disagree("the manifest lists no vectors".into());
    }
    for entry in entries {
        match check(entry) {
            Ok(true) => report.vectors += 1,
            Ok(false) => report.note(format!("vector of a structure that this program does not know: {}", entry["struct"])),
            Err(why) => report.disagree(format!("vector {}: {why}", entry["path"])),
        }
    }
}

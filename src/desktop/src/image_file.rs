//! What kind of image a file holds, from the names in its tar headers.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// Headers looked at before a file is taken for a root file system.
const HEADERS: usize = 2000;

/// The file as an image source: `oci-archive:`, `docker-archive:` or `rootfs:` and its path.
pub fn source(path: &Path) -> String {
    let kind = kind(path).unwrap_or("rootfs");
    format!("{kind}:{}", path.display())
}

fn kind(path: &Path) -> std::io::Result<&'static str> {
    let mut file = File::open(path)?;
    let mut docker = false;
    for _ in 0..HEADERS {
        let mut header = [0u8; 512];
        file.read_exact(&mut header)?;
        if &header[257..262] != b"ustar" {
            break;
        }
        let name = header[..100].split(|byte| *byte == 0).next().unwrap_or(&[]);
        match name.strip_prefix(b"./").unwrap_or(name) {
            b"oci-layout" => return Ok("oci-archive"),
            b"manifest.json" => docker = true,
            _ => {}
        }
        let size = std::str::from_utf8(&header[124..135])
            .ok()
            .and_then(|octal| u64::from_str_radix(octal.trim(), 8).ok())
            .unwrap_or(0);
        file.seek(SeekFrom::Current(size.div_ceil(512) as i64 * 512))?;
    }
    Ok(if docker { "docker-archive" } else { "rootfs" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreadable_file_is_left_to_the_engine() {
        assert_eq!(source(Path::new("/nowhere.tar")), "rootfs:/nowhere.tar");
    }
}

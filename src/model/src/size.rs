//! Sizes and core counts as people type them.

/// Why a text is not a size or a number of cores.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSize {
    /// Not a number with an optional unit.
    #[error("{0:?} is not a size: write a number with K, M, G or T, such as 512M")]
    NotASize(String),
    /// Not a positive number of cores.
    #[error("{0:?} is not a number of cores: write for example 2 or 1.5")]
    NotCores(String),
    /// Not a positive number of processes.
    #[error("{0:?} is not a number of processes: write 1 or more")]
    NotProcesses(String),
    /// Outside the kernel's range.
    #[error("{0:?} is not a share of the processor: write 1 to 10000")]
    NotShare(String),
}

/// Bytes from `4096`, `512M`, `2G`, `1.5GiB`; units are powers of 1024. At least 1.
pub fn parse_bytes(text: &str) -> Result<u64, InvalidSize> {
    let invalid = || InvalidSize::NotASize(text.to_owned());
    let upper = text.trim().to_ascii_uppercase();
    let digits = upper
        .strip_suffix("IB")
        .or_else(|| upper.strip_suffix('B'))
        .unwrap_or(&upper);
    let (number, shift) = match digits.chars().last() {
        Some('K') => (&digits[..digits.len() - 1], 10),
        Some('M') => (&digits[..digits.len() - 1], 20),
        Some('G') => (&digits[..digits.len() - 1], 30),
        Some('T') => (&digits[..digits.len() - 1], 40),
        _ => (digits, 0),
    };
    let number: f64 = number.trim().parse().map_err(|_| invalid())?;
    let bytes = number * (1u64 << shift) as f64;
    if bytes.is_finite() && bytes >= 1.0 && bytes < (1u64 << 62) as f64 {
        Ok(bytes as u64)
    } else {
        Err(invalid())
    }
}

/// Thousandths of a core from `2`, `0.5`; from 0.01 to 10 000 cores.
pub fn parse_cpus(text: &str) -> Result<u64, InvalidSize> {
    let invalid = || InvalidSize::NotCores(text.to_owned());
    let cores: f64 = text.trim().parse().map_err(|_| invalid())?;
    if (0.01..=10_000.0).contains(&cores) {
        Ok((cores * 1000.0).round() as u64)
    } else {
        Err(invalid())
    }
}

/// Bytes of swap: as [`parse_bytes`], and `0`, which forbids it.
pub fn parse_swap(text: &str) -> Result<u64, InvalidSize> {
    if text.trim() == "0" {
        return Ok(0);
    }
    parse_bytes(text)
}

/// A number of processes, at least 1.
pub fn parse_processes(text: &str) -> Result<u64, InvalidSize> {
    let count = text.trim().parse().ok().filter(|&count| count >= 1);
    count.ok_or_else(|| InvalidSize::NotProcesses(text.to_owned()))
}

/// A share of the processor, from 1 to 10 000 (cgroup-v2.rst, “cpu.weight”).
pub fn parse_cpu_weight(text: &str) -> Result<u64, InvalidSize> {
    let weight = text.trim().parse().ok();
    weight
        .filter(|weight| (1..=10_000).contains(weight))
        .ok_or_else(|| InvalidSize::NotShare(text.to_owned()))
}

//! The thin edge to the kernel: each function is one syscall or one fixed sequence of them.

#![allow(unsafe_code)]

pub mod interface;
pub mod label;
pub mod mount;
pub mod namespace;
pub mod process;
pub mod process_tree;
pub mod pty;
pub mod seccomp;
pub mod socket;

//! Which system calls a pet may not make: a seccomp(2) filter by confinement, as a classic BPF
//! program. Pure; [`crate::sys::seccomp`] installs it.
//!
//! Every rule refuses, the rest is allowed: a program that Kennel has never heard of works, and
//! what the kernel already forbids to an unprivileged user namespace need not be named. Refused
//! calls fail with EPERM; calls that a program should believe to be missing fail with ENOSYS, so
//! that it takes the older way (clone3 → clone).

use kennel_model::Confinement;
use libc::{EPERM, sock_filter};

/// Numbers of one call on x86_64, i386 and aarch64; [`NONE`] where it does not exist.
/// From the kernel's `syscall_64.tbl`, `syscall_32.tbl` and `asm-generic/unistd.h`.
struct Call(Confinement, [u32; 3]);

const NONE: u32 = u32::MAX;

/// A call that was added after the tables were unified has one number everywhere.
const fn everywhere(confinement: Confinement, number: u32) -> Call {
    Call(confinement, [number; 3])
}

use Confinement::{Default, Light, Strict};

#[rustfmt::skip]
const REFUSED: [Call; 56] = [
    Call(Light, [246, 283, 104]),        // kexec_load
    Call(Light, [320, NONE, 294]),       // kexec_file_load
    Call(Light, [175, 128, 105]),        // init_module
    Call(Light, [313, 350, 273]),        // finit_module
    Call(Light, [176, 129, 106]),        // delete_module
    Call(Light, [167, 87, 224]),         // swapon
    Call(Light, [168, 115, 225]),        // swapoff
    Call(Light, [169, 88, 142]),         // reboot
    Call(Light, [164, 79, 170]),         // settimeofday
    Call(Light, [NONE, 25, NONE]),       // stime
    Call(Light, [227, 264, 112]),        // clock_settime
    Call(Light, [NONE, 404, NONE]),      // clock_settime64
    Call(Light, [305, 343, 266]),        // clock_adjtime
    Call(Light, [NONE, 405, NONE]),      // clock_adjtime64
    Call(Light, [163, 51, 89]),          // acct
    Call(Light, [179, 131, 60]),         // quotactl
    everywhere(Light, 443),              // quotactl_fd
    Call(Light, [212, 253, 18]),         // lookup_dcookie
    Call(Light, [172, 110, NONE]),       // iopl
    Call(Light, [173, 101, NONE]),       // ioperm
    // Opens any inode of a mounted file system by number: the way out of “shocker”.
    Call(Light, [304, 342, 265]),        // open_by_handle_at
    Call(Default, [165, 21, 40]),     // mount
    Call(Default, [166, 52, 39]),     // umount2
    Call(Default, [NONE, 22, NONE]),  // umount
    Call(Default, [155, 217, 41]),    // pivot_root
    everywhere(Default, 428),         // open_tree
    everywhere(Default, 429),         // move_mount
    everywhere(Default, 430),         // fsopen
    everywhere(Default, 431),         // fsconfig
    everywhere(Default, 432),         // fsmount
    everywhere(Default, 433),         // fspick
    everywhere(Default, 442),         // mount_setattr
    everywhere(Default, 467),         // open_tree_attr
    Call(Default, [308, 346, 268]),   // setns
    Call(Default, [272, 310, 97]),    // unshare
    Call(Default, [321, 357, 280]),   // bpf
    Call(Default, [298, 336, 241]),   // perf_event_open
    Call(Default, [323, 374, 282]),   // userfaultfd
    // Kernel keyrings are not divided by namespaces.
    Call(Default, [248, 286, 217]),   // add_key
    Call(Default, [249, 287, 218]),   // request_key
    Call(Default, [250, 288, 219]),   // keyctl
    Call(Default, [300, 338, 262]),   // fanotify_init
    everywhere(Default, 425),         // io_uring_setup
    everywhere(Default, 426),         // io_uring_enter
    everywhere(Default, 427),         // io_uring_register
    Call(Default, [103, 103, 116]),   // syslog
    Call(Default, [153, 111, 58]),    // vhangup
    Call(Default, [NONE, 166, NONE]), // vm86
    Call(Strict, [101, 26, 117]),           // ptrace
    Call(Strict, [310, 347, 270]),          // process_vm_readv
    Call(Strict, [311, 348, 271]),          // process_vm_writev
    Call(Strict, [312, 349, 272]),          // kcmp
    everywhere(Strict, 438),                // pidfd_getfd
    Call(Strict, [154, 123, NONE]),         // modify_ldt
    Call(Strict, [303, 341, 264]),          // name_to_handle_at
    Call(Strict, [256, 294, 238]),          // migrate_pages
];

/// The highest number that this table was made with (file_setattr, Linux 6.17).
const NEWEST: u32 = 469;

const CLONE: [u32; 3] = [56, 120, 220];
const CLONE3: u32 = 435;
const IOCTL: [u32; 3] = [16, 54, 29];
const SOCKET: [u32; 3] = [41, 359, 198];

/// New namespaces in clone(2)'s first argument.
const NEW_NAMESPACES: u32 = (libc::CLONE_NEWUSER
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWCGROUP) as u32;

/// Puts characters into the input of a terminal, and acts on the console: both have been ways
/// out of sandboxes that inherit a terminal (CVE-2017-5226).
const REFUSED_IOCTLS: [u32; 2] = [0x5412, 0x541c]; // TIOCSTI, TIOCLINUX

/// Sockets that no network namespace holds back: to virtual machines and their host.
const AF_VSOCK: u32 = 40;
/// The kernel's cryptography, a large attack surface that nothing depends on.
const AF_ALG: u32 = 38;

/// AUDIT_ARCH_* of the three architectures, in the order of [`Call`] (linux/audit.h).
const ARCHITECTURES: [u32; 3] = [0xc000_003e, 0x4000_0003, 0xc000_00b7];
const X86_64: usize = 0;
const I386: usize = 1;
const AARCH64: usize = 2;

/// Bit of the x32 variants of the x86_64 calls, which nobody uses and which would pass the table.
const X32: u32 = 0x4000_0000;

// struct seccomp_data (seccomp(2)): nr, arch, instruction pointer, six arguments of 64 bits.
// Both architectures are little-endian: the low half of an argument comes first.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const ARGUMENT_0: u32 = 16;
const ARGUMENT_1: u32 = 24;

const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
const GREATER: u16 = (libc::BPF_JMP | libc::BPF_JGT | libc::BPF_K) as u16;
const AT_LEAST: u16 = (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K) as u16;
const ANY_BIT: u16 = (libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K) as u16;
const JUMP: u16 = (libc::BPF_JMP | libc::BPF_JA) as u16;
const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;

const REFUSE: u32 = libc::SECCOMP_RET_ERRNO | EPERM as u32;
const MISSING: u32 = libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32;

/// The filter of `confinement` for the machine that this program is built for.
pub fn program(confinement: Confinement) -> Vec<sock_filter> {
    let native = if cfg!(target_arch = "aarch64") {
        AARCH64
    } else {
        X86_64
    };
    let mut architectures = vec![native];
    if native == X86_64 && confinement < Strict {
        architectures.push(I386);
    }
    let mut filter = vec![statement(LOAD, ARCHITECTURE)];
    for architecture in architectures {
        let rules = rules(architecture, confinement);
        filter.push(jump(EQUAL, ARCHITECTURES[architecture], 1, 0));
        filter.push(statement(JUMP, rules.len() as u32));
        filter.extend(rules);
    }
    filter.push(statement(RETURN, MISSING));
    filter
}

/// What follows once the architecture is known; always returns.
fn rules(architecture: usize, confinement: Confinement) -> Vec<sock_filter> {
    let mut rules = vec![statement(LOAD, NUMBER)];
    if architecture == X86_64 {
        answer(&mut rules, AT_LEAST, X32, MISSING);
    }
    if confinement == Strict {
        answer(&mut rules, GREATER, NEWEST, MISSING);
    }
    for Call(from, numbers) in &REFUSED {
        if *from <= confinement && numbers[architecture] != NONE {
            answer(&mut rules, EQUAL, numbers[architecture], REFUSE);
        }
    }
    if confinement >= Default {
        // Its flags are in memory, which a filter cannot read.
        answer(&mut rules, EQUAL, CLONE3, MISSING);
        let namespaces = [(ANY_BIT, NEW_NAMESPACES)];
        by_argument(&mut rules, CLONE[architecture], ARGUMENT_0, &namespaces);
        let families = [(EQUAL, AF_VSOCK), (EQUAL, AF_ALG)];
        by_argument(&mut rules, SOCKET[architecture], ARGUMENT_0, &families);
    }
    let ioctls = REFUSED_IOCTLS.map(|request| (EQUAL, request));
    by_argument(&mut rules, IOCTL[architecture], ARGUMENT_1, &ioctls);
    rules.push(statement(RETURN, libc::SECCOMP_RET_ALLOW));
    rules
}

/// Answers `result` when `test` holds for what is loaded.
fn answer(rules: &mut Vec<sock_filter>, test: u16, value: u32, result: u32) {
    rules.push(jump(test, value, 0, 1));
    rules.push(statement(RETURN, result));
}

/// For the call `number`: refuses what a test finds in the argument, allows the rest.
fn by_argument(rules: &mut Vec<sock_filter>, number: u32, argument: u32, tests: &[(u16, u32)]) {
    let mut inner = vec![statement(LOAD, argument)];
    for (test, value) in tests {
        answer(&mut inner, *test, *value, REFUSE);
    }
    inner.push(statement(RETURN, libc::SECCOMP_RET_ALLOW));
    rules.push(jump(EQUAL, number, 0, inner.len() as u8));
    rules.extend(inner);
}

fn statement(code: u16, k: u32) -> sock_filter {
    jump(code, k, 0, 0)
}

fn jump(code: u16, k: u32, jt: u8, jf: u8) -> sock_filter {
    sock_filter { code, jt, jf, k }
}

#[cfg(test)]
#[cfg(target_arch = "x86_64")]
mod tests {
    use super::*;

    /// What the kernel would answer: a machine for the few instructions used here.
    fn verdict(confinement: Confinement, arch: usize, number: u32, arguments: [u32; 2]) -> u32 {
        let program = program(confinement);
        let (mut at, mut loaded) = (0, 0);
        loop {
            let step = program[at];
            at += 1;
            let test = match step.code {
                LOAD => {
                    loaded = match step.k {
                        NUMBER => number,
                        ARCHITECTURE => ARCHITECTURES[arch],
                        ARGUMENT_0 => arguments[0],
                        ARGUMENT_1 => arguments[1],
                        other => panic!("nothing is at {other}"),
                    };
                    continue;
                }
                RETURN => return step.k,
                JUMP => {
                    at += step.k as usize;
                    continue;
                }
                EQUAL => loaded == step.k,
                GREATER => loaded > step.k,
                AT_LEAST => loaded >= step.k,
                ANY_BIT => loaded & step.k != 0,
                other => panic!("unknown instruction {other}"),
            };
            at += usize::from(if test { step.jt } else { step.jf });
        }
    }

    const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;

    #[test]
    fn every_call_of_the_table_is_refused_from_its_confinement_on() {
        for Call(from, numbers) in &REFUSED {
            for confinement in [Light, Default, Strict] {
                let expected = if confinement >= *from { REFUSE } else { ALLOW };
                let answer = verdict(confinement, X86_64, numbers[X86_64], [0, 0]);
                if numbers[X86_64] != NONE {
                    assert_eq!(answer, expected, "{} at {confinement:?}", numbers[X86_64]);
                }
                if confinement < Strict && numbers[I386] != NONE {
                    let answer = verdict(confinement, I386, numbers[I386], [0, 0]);
                    assert_eq!(answer, expected, "i386 {}", numbers[I386]);
                }
            }
        }
    }

    #[test]
    fn no_confinement_lets_a_program_type_into_its_terminal() {
        for confinement in [Light, Default, Strict] {
            assert_eq!(verdict(confinement, X86_64, 16, [0, 0x5412]), REFUSE);
            assert_eq!(verdict(confinement, X86_64, 16, [0, 0x5401]), ALLOW);
        }
    }

    #[test]
    fn threads_are_made_and_namespaces_are_not() {
        let thread = (libc::CLONE_VM | libc::CLONE_THREAD) as u32;
        let user = libc::CLONE_NEWUSER as u32;
        assert_eq!(verdict(Default, X86_64, 56, [thread, 0]), ALLOW);
        assert_eq!(verdict(Default, X86_64, 56, [user, 0]), REFUSE);
        assert_eq!(verdict(Default, X86_64, 435, [0, 0]), MISSING);
        assert_eq!(verdict(Light, X86_64, 56, [user, 0]), ALLOW);
        assert_eq!(verdict(Light, X86_64, 435, [0, 0]), ALLOW);
    }

    #[test]
    fn strictest_knows_no_other_architecture_and_nothing_newer() {
        assert_eq!(verdict(Strict, I386, 4, [0, 0]), MISSING);
        assert_eq!(verdict(Strict, X86_64, NEWEST + 1, [0, 0]), MISSING);
        assert_eq!(verdict(Default, I386, 4, [0, 0]), ALLOW);
        assert_eq!(verdict(Light, X86_64, X32 | 1, [0, 0]), MISSING);
        assert_eq!(verdict(Light, AARCH64, 64, [0, 0]), MISSING);
    }

    #[test]
    fn the_kernel_takes_programs_of_this_length() {
        // BPF_MAXINSNS (bpf(2)).
        assert!(program(Strict).len() < 4096);
    }
}

//! Long texts, packed: a plan is mostly the same words again and again.
//!
//! What is written is what costs: a tenth of the pages to fill, to flush and to copy back.

/// No byte of packed text stands for more bytes than this, so a length beyond it is a damaged one.
const MOST: usize = 255;
/// The length stands first.
const PREFIX: usize = 4;

/// Packs a text.
pub(crate) fn pack(text: &str) -> Vec<u8> {
    lz4_flex::compress_prepend_size(text.as_bytes())
}

/// Unpacks a text; `None` if the bytes are damaged, which the hash beside them finds too, but only
/// after room was made for a length that may be anything.
pub(crate) fn unpack(bytes: &[u8]) -> Option<String> {
    let (length, packed) = bytes.split_first_chunk::<PREFIX>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    if length > packed.len().saturating_mul(MOST) {
        return None;
    }
    String::from_utf8(lz4_flex::decompress(packed, length).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_reads_back_and_what_was_changed_never_panics() {
        for text in ["", "{}", &"{\"step\":\"n00001/run\"}".repeat(1000)] {
            let packed = pack(text);
            assert_eq!(unpack(&packed).as_deref(), Some(text));
            for at in 0..packed.len() {
                for bit in 0..8 {
                    let mut changed = packed.clone();
                    changed[at] ^= 1 << bit;
                    drop(unpack(&changed));
                }
                drop(unpack(&packed[..at]));
            }
        }
    }
}

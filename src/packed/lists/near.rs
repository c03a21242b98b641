//! Which of a holder's grants are on a resource or on its parent: sixteen are looked at together, where the machine can.

use super::ROLE_BITS;

/// So many grants are looked at together.
pub const TOGETHER: usize = 16;

/// Grants side by side, as they lie.
pub(super) type Block = [[u8; 4]; TOGETHER];

/// A bit for each grant of a block that is on one of two scopes.
#[cfg(target_feature = "simd128")]
#[inline(always)]
pub(super) fn near(block: &Block, scopes: [u32; 2]) -> u32 {
    use core::arch::wasm32::{i64x2, u32x4_bitmask, u32x4_eq, u32x4_shr, u32x4_splat, v128_or};
    let [one, other] = scopes.map(|scope| u32x4_splat(scope));
    let (quarters, _) = block.as_flattened().as_chunks::<16>();
    let near = |nth: usize| -> u32 {
        let [low, high] = quarters.get(nth).map_or([0; 2], |quarter| {
            let both = u128::from_le_bytes(*quarter);
            [both as i64, (both >> 64) as i64]
        });
        let scopes = u32x4_shr(i64x2(low, high), ROLE_BITS);
        u32::from(u32x4_bitmask(v128_or(u32x4_eq(scopes, one), u32x4_eq(scopes, other))))
    };
    // Narrowing to bytes would take one mask, but the compiler makes three instructions of each step.
    near(0) | near(1) << 4 | near(2) << 8 | near(3) << 12
}

/// A bit for each grant of a block that is on one of two scopes.
#[cfg(not(target_feature = "simd128"))]
#[inline(always)]
pub(super) fn near(block: &Block, scopes: [u32; 2]) -> u32 {
    let is_near = |four: &[u8; 4]| scopes.contains(&(u32::from_le_bytes(*four) >> ROLE_BITS));
    block.iter().enumerate().fold(0, |bits, (nth, four)| bits | (u32::from(is_near(four)) << nth))
}

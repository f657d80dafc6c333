//! Release and observations to an immutable plan: order, waves, steps, undo, rollback plan. Pure.

//! Lists of indexes, one list an index, in two arrays.

/// For each vertex its neighbours on one side.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Lists {
    /// Turns pairs (from, to) into the list of `to` for each `from` below `count`.
    pub(crate) fn of(count: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for (from, _) in pairs.clone() {
            starts[from as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut members = vec![0; starts[count] as usize];
        for (from, to) in pairs {
            members[next[from as usize] as usize] = to;
            next[from as usize] += 1;
        }
        Self { starts, members }
    }

    /// Gives the list of one index.
    pub(crate) fn get(&self, at: u32) -> &[u32] {
        let at = at as usize;
        &self.members[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// How many pairs there are.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }
}

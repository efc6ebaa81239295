package io.odradek.core.coordinator.group;

import io.odradek.core.coordinator.runtime.ShardContext;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.env.Randoms;

/** What every part of a group shard works with. */
record Services(
        ShardContext context,
        Clock clock,
        Randoms randoms,
        GroupSettings settings,
        GroupMemory memory,
        FewLines refusals) {}

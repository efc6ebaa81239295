package io.odradek.core.coordinator.group;

import io.odradek.core.memory.MemoryShare;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.env.FewLines;

/**
 * What the groups of one shard take of the broker's memory for groups. Everything they hold is counted here, when it comes
 * and when it goes, by the sizes in {@link HeldBytes}; what would make them grow beyond the share is refused before. Lives on
 * the shard's loop.
 *
 * <p>What is stored must be loaded, so a load takes what it needs, and says so if that is more than there is.
 */
final class GroupMemory {
    private final MemoryShare share;
    private final FewLines refusals;
    private long heldBytes;
    private boolean closed;

    /** @param refusals is told what is refused for want of memory */
    GroupMemory(MemoryShare share, FewLines refusals) {
        this.share = share;
        this.refusals = refusals;
    }

    /** Something has come, or gone if it is negative. */
    void add(long bytes) {
        if (!closed) {
            heldBytes += bytes;
            share.take(bytes);
        }
    }

    /**
     * Makes a change if there is room for what it adds.
     *
     * @param bytes what it adds; nothing is refused that adds nothing
     * @param what makes the group grow, for the log
     * @param group the group
     * @param change adds to this memory itself; while it runs its bytes are counted twice
     * @return false if there is no room: nothing has been done
     */
    boolean grow(long bytes, String what, String group, Runnable change) {
        if (bytes <= 0) {
            change.run();
            return true;
        }
        if (!share.tryTake(bytes)) {
            refusals.warn(what + " of group " + Quoted.text(group) + " is refused: " + bytes
                    + " bytes more for groups do not fit into the " + share.limitBytes() + " of " + share.setting());
            return false;
        }
        try {
            change.run();
        } finally {
            share.giveBack(bytes);
        }
        return true;
    }

    /** Warns if what had to be loaded left no room. */
    void loaded() {
        if (share.isExhausted()) {
            refusals.warn("The groups that are stored take " + share.usedBytes() + " bytes, and the "
                    + share.limitBytes() + " of " + share.setting()
                    + " have no room for more: new members and positions are refused");
        }
    }

    /** The shard's state is dropped: everything is given back, and nothing is counted any more. */
    void close() {
        add(-heldBytes);
        closed = true;
    }
}

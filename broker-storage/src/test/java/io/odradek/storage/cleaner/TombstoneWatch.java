package io.odradek.storage.cleaner;

import io.odradek.storage.cleaner.LogContents.Item;
import java.util.HashMap;
import java.util.Map;

/** Compares the tombstones before a cleaning with those after it. */
final class TombstoneWatch {
    private final Map<String, Item> before = new HashMap<>();
    private final long nowMs;
    private final long retentionMs;

    TombstoneWatch(LogContents contents, long nowMs, long retentionMs) {
        this.nowMs = nowMs;
        this.retentionMs = retentionMs;
        contents.last().forEach((key, item) -> {
            if (item.isTombstone()) {
                before.put(key, item);
            }
        });
    }

    /**
     * Each tombstone that still counts is there until its horizon, gone with the first cleaning that begins at or after it,
     * and has got its horizon from the first that met it.
     *
     * @param cleanUpTo below which all has been cleaned; -1 if the cleaning ended in a crash
     */
    void check(LogContents after, KeyedModel model, long cleanUpTo) {
        Map<String, Item> known = model.last();
        Map<String, Item> last = after.last();
        for (Item tombstone : before.values()) {
            Item counts = known.get(tombstone.key());
            boolean cutOrReplaced = counts == null || counts.offset() != tombstone.offset();
            if (!cutOrReplaced && !isRight(tombstone, last.get(tombstone.key()), cleanUpTo > tombstone.offset())) {
                throw new AssertionError(tombstone + " became " + last.get(tombstone.key()) + " in a cleaning at "
                        + nowMs + " up to " + cleanUpTo);
            }
        }
    }

    private boolean isRight(Item tombstone, Item now, boolean cleaned) {
        long horizonMs = tombstone.deleteHorizonMs();
        if (horizonMs >= 0 && horizonMs <= nowMs) {
            return now == null || !cleaned;
        }
        if (now == null || now.offset() != tombstone.offset()) {
            return false;
        }
        if (horizonMs >= 0) {
            return now.deleteHorizonMs() == horizonMs;
        }
        return now.deleteHorizonMs() == nowMs + retentionMs || (now.deleteHorizonMs() < 0 && !cleaned);
    }
}

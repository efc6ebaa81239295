package io.odradek.storage.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

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
        Map<String, Item> last = after.last();
        for (Item tombstone : before.values()) {
            Item known = model.last(tombstone.key());
            if (known == null || known.offset() != tombstone.offset()) {
                // Cut by a power loss, or no longer the last of its key.
                continue;
            }
            Item now = last.get(tombstone.key());
            boolean passed = cleanUpTo > tombstone.offset();
            String text = "tombstone " + tombstone + " at " + nowMs + ", clean up to " + cleanUpTo;
            if (tombstone.deleteHorizonMs() >= 0 && tombstone.deleteHorizonMs() <= nowMs) {
                if (passed) {
                    assertThat(now).as(text).isNull();
                }
            } else {
                assertThat(now).as(text).isNotNull();
                assertThat(now.offset()).as(text).isEqualTo(tombstone.offset());
                if (tombstone.deleteHorizonMs() >= 0) {
                    assertThat(now.deleteHorizonMs()).as(text).isEqualTo(tombstone.deleteHorizonMs());
                } else if (passed) {
                    assertThat(now.deleteHorizonMs()).as(text).isEqualTo(nowMs + retentionMs);
                } else if (now.deleteHorizonMs() >= 0) {
                    assertThat(now.deleteHorizonMs()).as(text).isEqualTo(nowMs + retentionMs);
                }
            }
        }
    }
}

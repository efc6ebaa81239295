package io.odradek.storage.log;

import java.io.IOException;

/**
 * What {@link Log#retain} found:
 *
 * <pre>
 *   retain --> Done
 *          --> Unread --read, on a log-io loop--> adopt, on the owner's --> retain
 *          --> Advanced --the start is saved--> Log.startSaved --> Log.discardDetached, on a log-io loop --> retain
 * </pre>
 */
public sealed interface RetentionStep {
    /** Nothing is to go. */
    record Done() implements RetentionStep {}

    /**
     * The log begins later now: some segments are to go once that is in the log-start checkpoint.
     *
     * @param startOffset where it begins
     * @param description what goes and why, for the broker's log
     */
    record Advanced(long startOffset, String description) implements RetentionStep {}

    /** Whether more is to go depends on a closed segment whose timestamps are not in memory. */
    final class Unread implements RetentionStep {
        private final ColdTimes times;

        Unread(ColdTimes times) {
            this.times = times;
        }

        /** Reads them; blocks. On any loop, at most once. */
        public void read() throws IOException {
            times.read();
        }

        /**
         * Gives them to the segment. On the owner's loop, after {@link #read}.
         *
         * @return false if they could not be read: there is no use in asking again now
         */
        public boolean adopt() {
            return times.adopt();
        }
    }
}

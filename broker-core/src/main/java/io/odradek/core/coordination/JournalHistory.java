package io.odradek.core.coordination;

import io.odradek.core.coordination.JournalCopy.Gap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the copies of the journal say together: all that the newest one says, and where that cannot be read, what a copy
 * without gaps says up to its end.
 *
 * @param frames in their order
 * @param gaps where frames are missing that no copy has
 * @param lines for the operator, about copies that are damaged or behind
 */
record JournalHistory(List<JournalFrame> frames, List<Gap> gaps, List<String> lines) {
    private static final Logger LOG = LoggerFactory.getLogger(JournalHistory.class);

    static JournalHistory of(List<JournalCopy> copies, JournalCopy newest) {
        JournalCopy whole = newest.gaps().isEmpty() ? newest : newestWhole(copies);
        List<JournalFrame> frames = new ArrayList<>();
        long wholeUntil = -1;
        if (whole != null) {
            frames.addAll(whole.frames());
            wholeUntil = whole.lastNumber();
        }
        for (JournalFrame frame : whole == newest ? List.<JournalFrame>of() : newest.frames()) {
            if (frame.number() > wholeUntil) {
                frames.add(frame);
            }
        }
        List<Gap> lost = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (JournalCopy copy : copies) {
            lines.addAll(copy.notes());
            for (Gap gap : copy.gaps()) {
                boolean filled = copy != newest || gap.after() <= wholeUntil + 1;
                lines.add("The coordination journal " + gap.path() + " cannot be read from byte " + gap.from() + " to "
                        + gap.to() + ", between the changes " + gap.before() + " and " + gap.after()
                        + (filled
                                ? "; another copy has them"
                                : "; what was changed there is lost, unless the log folders tell. The file is kept as "
                                        + JournalCopy.FILE_NAME + ".damaged"));
                if (!filled) {
                    lost.add(gap);
                }
            }
            // The last change may not have reached all copies when the broker ended.
            if (copy.lastNumber() >= 0
                    && copy.lastNumber() < newest.lastNumber()
                    && !JournalFrame.follows(copy.lastNumber(), newest.lastNumber())) {
                lines.add("The coordination journal " + copy.path() + " ends at change " + copy.lastNumber()
                        + ", byte " + copy.sizeBytes() + "; " + newest.path() + " goes on to change "
                        + newest.lastNumber() + " and counts");
            }
        }
        return new JournalHistory(frames, lost, lines);
    }

    private static JournalCopy newestWhole(List<JournalCopy> copies) {
        JournalCopy newest = null;
        for (JournalCopy copy : copies) {
            boolean usable = copy.gaps().isEmpty() && copy.lastNumber() >= 0;
            if (usable && (newest == null || copy.lastNumber() > newest.lastNumber())) {
                newest = copy;
            }
        }
        return newest;
    }

    void tell() {
        lines.forEach(LOG::warn);
    }

    /** Applies it to an empty tree. What does not follow, because of what is missing before it, is passed over and told. */
    void replay(CoordinationTree tree, Path path) throws DamagedJournalException {
        for (JournalFrame frame : frames) {
            for (TreeChange change : frame.changes()) {
                try {
                    tree.replay(change);
                } catch (CoordinationException e) {
                    if (gaps.isEmpty()) {
                        throw new DamagedJournalException(
                                path,
                                "entry " + frame.number() + " does not follow from those before it, " + e.getMessage());
                    }
                    LOG.warn(
                            "A change of {} in entry {} of the coordination journal does not follow from what can be read"
                                    + " before it, and is left out",
                            change.path(),
                            frame.number());
                }
            }
        }
    }
}

package io.odradek.server.tools.dump;

import io.odradek.server.tools.dump.SegmentScan.Range;
import java.nio.file.Path;
import java.util.List;

/** What is to be done to one file, and why. Nothing is ever deleted: what a repair replaces stays beside it. */
sealed interface Repair {
    /** {@return the file} */
    Path path();

    /**
     * A segment is written anew without what is no batches in it; if that is its end, this comes to a cut. The old file, and
     * the indexes that go with it, get other names.
     *
     * @param whole what stays
     * @param scan what was found
     */
    record Splice(Path path, List<Range> whole, SegmentScan scan) implements Repair {}

    /**
     * A file gets another name, which nobody reads.
     *
     * @param why what is wrong with it
     */
    record SetAside(Path path, String why) implements Repair {}
}

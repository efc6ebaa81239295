package io.odradek.core.partition;

import java.io.IOException;

/** Hears, on the owner's loop, of operations on logs that failed. */
interface LogFailures {
    /**
     * An operation failed.
     *
     * @param partition whose log it is; out of service by now, unless its disk is only full
     * @param cause names the file and what was done with it
     */
    void failed(Partition partition, IOException cause);
}

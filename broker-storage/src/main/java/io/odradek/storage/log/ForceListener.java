package io.odradek.storage.log;

import java.io.IOException;

/** Told, on the loop of a log's owner, what became of forces that were due. */
public interface ForceListener {
    /** Nobody wants to know. */
    ForceListener NONE = new ForceListener() {
        @Override
        public void forced() {
            // Nobody wants to know.
        }

        @Override
        public void forceFailed(IOException failure) {
            // Nobody wants to know.
        }
    };

    /** {@link Log#recoveryPoint} and {@link Log#settledEndOffset} may have moved. */
    void forced();

    /** What is not forced now may never be: it must not be acknowledged. May be called again. */
    void forceFailed(IOException failure);
}

package io.odradek.storage.log;

/** Who writes the batches that a leader appends. */
public enum AppendOrigin {
    /** A producer: its sequences are checked, and control batches are none of its business. */
    CLIENT,
    /** A coordinator of this cluster: it writes transaction markers, and records without sequences in a producer's name. */
    COORDINATOR
}

package io.odradek.core.coordination;

/** A change of the persistent part of the tree, as the outcome rather than the call: replaying it twice does no harm. */
sealed interface TreeChange {
    /** {@return the node that changed} */
    String path();

    /**
     * A node has this content now.
     *
     * @param path the node
     * @param version its data version
     * @param nextSequence the number that its next sequential child gets
     * @param data its bytes
     */
    record Put(String path, int version, int nextSequence, byte[] data) implements TreeChange {}

    /**
     * A node is gone.
     *
     * @param path the node
     */
    record Remove(String path) implements TreeChange {}
}

package io.odradek.core.coordination;

import java.util.List;

/** Lets a simulation look at a tree without being a part of what happens to it. */
public final class TreeView {
    private final InProcessCoordinationStore store;

    /** @param store the store that has the tree */
    public TreeView(InProcessCoordinationStore store) {
        this.store = store;
    }

    /** {@return a node's data, null if there is no such node} */
    public byte[] data(String path) {
        try {
            return store.tree().get(path, 0).data();
        } catch (CoordinationException none) {
            return null;
        }
    }

    /** {@return the names of a node's children, none if there is no such node} */
    public List<String> children(String path) {
        try {
            return store.tree().children(path);
        } catch (CoordinationException none) {
            return List.of();
        }
    }
}

package io.odradek.core.adoption;

import java.io.IOException;

/** Somebody who may know what topics override: asked only when there are topics of which the tree does not know it. */
public interface SettingsSource {
    /**
     * Reads what it knows; blocks, for as long as its time-out allows.
     *
     * @param brokerId the broker whose settings topics inherit, beside those of all brokers
     * @throws IOException if it cannot be asked, with a message of one line
     */
    OldTopics read(int brokerId) throws IOException;
}

package io.odradek.core.request;

import io.odradek.core.partition.PartitionOwners;
import io.odradek.protocol.TopicPartition;

/** Which items of a request concern which owner. */
final class OwnerGroups {
    private static final int NO_OWNER = -1;

    private OwnerGroups() {}

    /**
     * Groups items by owner, keeping their order.
     *
     * @param ids the partition of each item; null for an item that concerns no owner
     * @return for each owner the indexes of its items; null where it has none
     */
    static int[][] of(TopicPartition[] ids, PartitionOwners owners) {
        int[] ownerOfItem = new int[ids.length];
        int[] sizes = new int[owners.count()];
        for (int item = 0; item < ids.length; item++) {
            int owner = ids[item] == null ? NO_OWNER : owners.indexOf(ids[item]);
            ownerOfItem[item] = owner;
            if (owner != NO_OWNER) {
                sizes[owner]++;
            }
        }
        int[][] groups = new int[sizes.length][];
        int[] filled = new int[sizes.length];
        for (int item = 0; item < ownerOfItem.length; item++) {
            int owner = ownerOfItem[item];
            if (owner != NO_OWNER) {
                if (groups[owner] == null) {
                    groups[owner] = new int[sizes[owner]];
                }
                groups[owner][filled[owner]++] = item;
            }
        }
        return groups;
    }
}

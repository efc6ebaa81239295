package io.odradek.core.request;

/**
 * Which items of a request concern which owner.
 */
final class OwnerGroups {
    private OwnerGroups() {}

    /** Marks an item that concerns no owner. */
    static final int NO_OWNER = -1;

    /**
     * Groups items by owner, keeping their order.
     *
     * @param ownerOfItem for each item the number of its owner, or {@link #NO_OWNER}
     * @param ownerCount how many owners there are
     * @return for each owner the indexes of its items; null where it has none
     */
    static int[][] of(int[] ownerOfItem, int ownerCount) {
        int[] sizes = new int[ownerCount];
        for (int owner : ownerOfItem) {
            if (owner != NO_OWNER) {
                sizes[owner]++;
            }
        }
        int[][] groups = new int[ownerCount][];
        int[] filled = new int[ownerCount];
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

    /** {@return how many owners have items} */
    static int count(int[][] groups) {
        int count = 0;
        for (int[] group : groups) {
            if (group != null) {
                count++;
            }
        }
        return count;
    }
}

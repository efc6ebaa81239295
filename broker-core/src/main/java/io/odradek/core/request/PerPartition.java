package io.odradek.core.request;

import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;

/** A request whose partitions are each looked at once, on their owners' loops, and which is answered after the last. */
final class PerPartition extends SplitRequest {
    private final Runnable answer;

    /** What is done for one item; called on its owner's loop. */
    interface Work {
        void serve(PartitionOwner owner, int item);
    }

    private PerPartition(RequestContext context, Runnable answer) {
        super(context);
        this.answer = answer;
    }

    /**
     * Starts.
     *
     * @param ids the partition of each item; null for an item that nothing is done for
     * @param work is called once for each of the others
     * @param answer answers the request; called once, on the thread of the last owner
     */
    static void start(
            RequestContext context, PartitionOwners owners, TopicPartition[] ids, Work work, Runnable answer) {
        int[] ownerOfItem = new int[ids.length];
        for (int item = 0; item < ids.length; item++) {
            ownerOfItem[item] = ids[item] == null ? OwnerGroups.NO_OWNER : owners.indexOf(ids[item]);
        }
        int[][] groups = OwnerGroups.of(ownerOfItem, owners.count());
        PerPartition request = new PerPartition(context, answer);
        request.expectParts(OwnerGroups.count(groups) + 1);
        context.workBegins(OwnerGroups.count(groups));
        for (int owner = 0; owner < groups.length; owner++) {
            if (groups[owner] != null) {
                PartitionOwner target = owners.owner(owner);
                target.loop().execute(new Part(request, target, groups[owner], work));
            }
        }
        request.partDone();
    }

    @Override
    protected void answer() {
        answer.run();
    }

    private static final class Part extends OwnerTask {
        private final PerPartition request;
        private final int[] items;
        private final Work work;

        Part(PerPartition request, PartitionOwner owner, int[] items, Work work) {
            super(request, owner);
            this.request = request;
            this.items = items;
            this.work = work;
        }

        @Override
        protected void serve() {
            for (int item : items) {
                work.serve(owner(), item);
            }
            request.partDone();
        }
    }
}

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
        PerPartition request = new PerPartition(context, answer);
        request.start(OwnerGroups.split(
                OwnerGroups.of(ids, owners), owners, (owner, items) -> new ItemsPart(request, owner, items, work)));
    }

    @Override
    protected void answer() {
        answer.run();
    }

    private static final class ItemsPart extends Part {
        private final int[] items;
        private final Work work;

        ItemsPart(PerPartition request, PartitionOwner owner, int[] items, Work work) {
            super(request, owner);
            this.items = items;
            this.work = work;
        }

        @Override
        protected State serve() {
            for (int item : items) {
                work.serve(owner(), item);
            }
            return State.DONE;
        }
    }
}

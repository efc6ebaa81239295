package io.odradek.core.request;

import io.odradek.core.partition.PartitionOwner;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.TopicPartition;

/** A request whose partitions are each looked at once, on their owners' loops, and which is answered after the last. */
final class PerPartition extends SplitRequest {
    private final Work work;
    private final Runnable answer;

    /** What is done for one item; called on its owner's loop. */
    interface Work {
        void serve(PartitionOwner owner, int item);
    }

    private PerPartition(RequestContext context, Work work, Runnable answer) {
        super(context);
        this.work = work;
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
        new PerPartition(context, work, answer).split(ids, owners);
    }

    @Override
    protected Part part(PartitionOwner owner, int[] items) {
        return new ItemsPart(this, owner, items);
    }

    @Override
    protected void answer() {
        answer.run();
    }

    private static final class ItemsPart extends Part {
        private final PerPartition request;
        private final int[] items;

        ItemsPart(PerPartition request, PartitionOwner owner, int[] items) {
            super(request, owner);
            this.request = request;
            this.items = items;
        }

        @Override
        protected State serve() {
            for (int item : items) {
                request.work.serve(owner(), item);
            }
            return State.DONE;
        }
    }
}

package io.odradek.core.replication;

import io.odradek.core.partition.FollowerLog.Position;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.log.Log.EpochEndOffset;

/** What a follower does about what its leader has answered. Pure. */
sealed interface Reaction {
    /** It appends the records, and takes the leader's offsets over. */
    record Append(PartitionData data) implements Reaction {}

    /** Its log has left the leader's, and is cut. @param leaders where an epoch ends in the leader's log */
    record CutAt(EpochEndOffset leaders) implements Reaction {}

    /** Its log ends beyond the leader's, and is cut there. */
    record CutTo(long offset) implements Reaction {}

    /** Its log ends before the leader's begins, and begins anew there. */
    record StartAt(long offset) implements Reaction {}

    /** It asks where the leader's log begins and ends. */
    record Ask() implements Reaction {}

    /** It asks where the leader's log begins, as its end is not the matter. */
    record AskForStart() implements Reaction {}

    /** It tries again later: the error may pass, or the controller will tell what is new. */
    record Wait(ErrorCode error) implements Reaction {}

    /** It tries no more until the controller tells what is new. */
    record Stop() implements Reaction {}

    /** {@return what to do about the answer to a fetch} */
    static Reaction toFetch(PartitionData data) {
        return switch (data.errorCode()) {
            case NONE ->
                data.divergingEpoch().endOffset() >= 0
                        ? new CutAt(new EpochEndOffset(
                                data.divergingEpoch().epoch(),
                                data.divergingEpoch().endOffset()))
                        : new Append(data);
            case OFFSET_OUT_OF_RANGE -> new Ask();
            case FENCED_LEADER_EPOCH -> new Stop();
            default -> new Wait(data.errorCode());
        };
    }

    /**
     * {@return what to do when it is known where the leader's log ends} A leader that was elected uncleanly may end before
     * its follower.
     */
    static Reaction toLeaderEnd(Position own, ErrorCode error, long leaderEnd) {
        return switch (error) {
            case NONE -> leaderEnd < own.endOffset() ? new CutTo(leaderEnd) : new AskForStart();
            case FENCED_LEADER_EPOCH -> new Stop();
            default -> new Wait(error);
        };
    }

    /**
     * {@return what to do when it is known that the leader's log does not end earlier, and where it begins} If neither is the
     * matter, the leader may have moved meanwhile; or it does not know the epoch that the follower's log ends in.
     */
    static Reaction toLeaderStart(Position own, ErrorCode error, long leaderStart) {
        return switch (error) {
            case NONE ->
                leaderStart > own.endOffset() ? new StartAt(leaderStart) : new Wait(ErrorCode.OFFSET_OUT_OF_RANGE);
            case FENCED_LEADER_EPOCH -> new Stop();
            default -> new Wait(error);
        };
    }
}

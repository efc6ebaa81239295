package io.odradek.server.tools.groups;

import io.odradek.server.tools.UsageException;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where {@code --reset-offsets} sets positions to, and whether it does. */
final class ResetOptions {
    @Option(names = "--to-earliest", description = "to the first record that is kept")
    private boolean toEarliest;

    @Option(names = "--to-latest", description = "behind the last record")
    private boolean toLatest;

    @Option(names = "--to-current", description = "to where it is; behind the last record where it is nowhere")
    private boolean toCurrent;

    @Option(names = "--to-offset", paramLabel = "OFFSET", description = "to an offset")
    private Long toOffset;

    @Option(names = "--shift-by", paramLabel = "N", description = "so many offsets on, or back if negative")
    private Long shiftBy;

    @Option(
            names = "--to-datetime",
            paramLabel = "TIME",
            description = "to the first record not older than YYYY-MM-DDThh:mm:ss.sss, in UTC or with a zone behind")
    private String toDateTime;

    @Option(
            names = "--by-duration",
            paramLabel = "PnDTnHnMnS",
            description = "to the first record not older than so long ago")
    private String byDuration;

    @Option(
            names = "--from-file",
            paramLabel = "FILE",
            description = "to what lines of TOPIC,PARTITION,OFFSET say, or GROUP,TOPIC,PARTITION,OFFSET")
    private String fromFile;

    @Option(names = "--dry-run", description = "only show what would be set, as without saying so")
    private boolean dryRun;

    @Option(names = "--execute", description = "set it")
    private boolean execute;

    @Option(names = "--export", description = "show it as --from-file reads it")
    private boolean export;

    boolean executes() {
        return execute;
    }

    boolean exports() {
        return export;
    }

    /** {@return the file that says where to; null if it is not for a file to say} */
    String file() {
        return fromFile;
    }

    /** {@return whether somebody has said that nothing is to be set} */
    boolean isDryRun() {
        return dryRun;
    }

    /** {@return where to, if it is not for a file to say} @param nowMs the time, in milliseconds since 1970 */
    ResetTarget target(long nowMs) {
        if (toEarliest) {
            return new ResetTarget.Earliest();
        } else if (toLatest) {
            return new ResetTarget.Latest();
        } else if (toCurrent) {
            return new ResetTarget.Current();
        } else if (toOffset != null) {
            return new ResetTarget.Offset(toOffset);
        } else if (shiftBy != null) {
            return new ResetTarget.Shift(shiftBy);
        }
        return toDateTime != null ? ResetTarget.Time.at(toDateTime) : ResetTarget.Time.ago(byDuration, nowMs);
    }

    /**
     * Refuses what does not go together.
     *
     * @param wanted whether positions are to be reset at all
     * @param scoped whether topics are named, or all are meant
     */
    void check(boolean wanted, boolean scoped) {
        long targets = Stream.of(
                        toEarliest,
                        toLatest,
                        toCurrent,
                        toOffset != null,
                        shiftBy != null,
                        toDateTime != null,
                        byDuration != null,
                        fromFile != null)
                .filter(each -> each)
                .count();
        UsageException.when(
                !wanted && (targets > 0 || dryRun || execute || export),
                "Where to, --dry-run, --execute and --export go with --reset-offsets");
        UsageException.when(
                wanted && targets != 1,
                "Give exactly one of --to-earliest, --to-latest, --to-current, --to-offset, --shift-by, --to-datetime,"
                        + " --by-duration and --from-file");
        UsageException.when(dryRun && execute, "Give --dry-run or --execute, not both");
        UsageException.when(
                wanted && !scoped && fromFile == null, "Say which --topic, or --all-topics where all are meant");
        if (wanted && fromFile == null) {
            target(0);
        }
    }
}

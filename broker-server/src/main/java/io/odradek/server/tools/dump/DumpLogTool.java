package io.odradek.server.tools.dump;

import io.odradek.server.tools.Terminal;
import io.odradek.server.tools.Tool;
import io.odradek.server.tools.UsageException;
import io.odradek.server.tools.dump.DumpOptions.Contents;
import io.odradek.server.tools.dump.DumpOptions.Decoder;
import io.odradek.server.tools.dump.DumpOptions.Mode;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Shows what stands in the files of a log folder. Unless it is told to repair what is damaged, it only reads, and may do so while a
 * broker writes. Exit status: 0 if all that was read is sound, 1 if not, 2 if it was called wrongly.
 */
@Command(
        description = {
            "Shows what stands in the files of a broker's log folder: batches and records, indexes, producer snapshots, leader"
                    + " epochs and checkpoints. Of a folder it shows all files: of a partition's segment by segment, of a"
                    + " log folder's first its own and then those of its partitions. It only reads, and may be used while"
                    + " the broker runs.",
            "With --repair it says how what is damaged can be read again, and with --execute it sees to it.",
            "",
            "In the text, keys and values that are not UTF-8 are shown as base64:..., and control characters as \\n, \\x00."
                    + " With --json every line is an object with \"type\" and \"file\". The types are file, batch, message,"
                    + " record, control, offsetIndexEntry, timeIndexEntry, abortedTransaction, producer, leaderEpoch, offset,"
                    + " properties, passed, note and problem; the fields have the names of the text, but that times are in"
                    + " \"timestamp\" (of a batch or a message: \"maxTimestamp\") with \"timestampType\" beside. \"key\" and \"value\" of a"
                    + " record and of its \"headers\" are null or text; \"keyEncoding\" and \"valueEncoding\" say how to read"
                    + " it: \"utf8\" as it is, \"base64\" for bytes that are not UTF-8. With a decoder there are"
                    + " \"decodedKey\" and \"decodedValue\" instead, the latter null for a tombstone.",
            "",
            "--repair looks at every batch of every segment of the folders. What is no batches (a changed length, a torn end,"
                    + " a zeroed block) is cut out: the segment is written anew without it, so that everything behind it is"
                    + " read again, and the old file stays beside it as OFFSET.log.left-out.N, a name that neither this"
                    + " broker nor Kafka reads. A file without a whole batch, and a checkpoint, a snapshot or an epoch file"
                    + " that cannot be understood, is renamed as it is. Nothing is deleted; indexes are made anew by the"
                    + " next start. Without --execute nothing is changed.",
            "",
            "Exit status: 0 if all that was read is sound; 1 if something is damaged or an index does not match its log"
                    + " (lines that begin with PROBLEM, objects of type problem), or if --repair has found what could be"
                    + " done; 2 if the arguments are wrong, or a broker uses a folder that is to be repaired."
        },
        footer = {
            "  ${COMMAND-NAME} data/orders-0/00000000000000000000.log",
            "  ${COMMAND-NAME} --print-data-log data/orders-0",
            "  ${COMMAND-NAME} --verify-index-only data",
            "  ${COMMAND-NAME} --offsets-decoder data/__consumer_offsets-7",
            "  ${COMMAND-NAME} --repair data",
            "  ${COMMAND-NAME} --repair --execute data/orders-0",
            "  ${COMMAND-NAME} --json --print-data-log data/orders-0 | jq -r 'select(.type == \"record\").value'"
        })
public final class DumpLogTool implements Tool {
    private static final Set<String> TEXT_DECODERS = Set.of(
            "kafka.serializer.StringDecoder",
            "kafka.serializer.DefaultDecoder",
            "org.apache.kafka.tools.api.StringDecoder",
            "org.apache.kafka.tools.api.DefaultDecoder");

    private static final int SOUND = 0;
    private static final int DAMAGED = 1;
    private static final int WRONG_USAGE = 2;

    @Parameters(paramLabel = "FILE|FOLDER", arity = "0..*", description = "what to show")
    private List<String> given = new ArrayList<>();

    @Option(names = "--files", split = ",", paramLabel = "FILE", description = "the same, separated by commas")
    private List<String> files = new ArrayList<>();

    @Option(names = "--deep-iteration", description = "show the records of each batch, too")
    private boolean deepIteration;

    @Option(names = "--print-data-log", description = "show the keys, values and headers of the records, too")
    private boolean printDataLog;

    @Option(names = "--offsets-decoder", description = "keys and values are those of __consumer_offsets")
    private boolean offsetsDecoder;

    @Option(names = "--transaction-log-decoder", description = "keys and values are those of __transaction_state")
    private boolean transactionsDecoder;

    @Option(names = "--skip-record-metadata", description = "of records, show keys and values only")
    private boolean skipRecordMetadata;

    @Option(
            names = "--verify-index-only",
            description = "hold indexes against their logs, and show what does not match")
    private boolean verifyIndexOnly;

    @Option(names = "--index-sanity-check", description = "check indexes for themselves, as a start of a broker does")
    private boolean indexSanityCheck;

    @Option(names = "--repair", description = "say how what is damaged in the folders can be read again")
    private boolean repair;

    @Option(names = "--execute", description = "with --repair: see to it; the broker must be stopped")
    private boolean execute;

    @Option(names = "--json", description = "one JSON object a line, see above")
    private boolean json;

    @Option(
            names = "--max-bytes",
            paramLabel = "BYTES",
            defaultValue = "9223372036854775807",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "read no more than this of each log")
    private long maxBytes;

    @Option(
            names = "--max-message-size",
            paramLabel = "BYTES",
            defaultValue = "134217728",
            description = "open no batch that is, or inflates to, more (default: ${DEFAULT-VALUE})")
    private int maxMessageSize;

    /** Kafka's tool decodes keys and values with classes; here they are text where they are text. */
    @Option(
            names = {"--key-decoder-class", "--value-decoder-class"},
            hidden = true)
    private List<String> decoderClasses = new ArrayList<>();

    /** Filled by picocli. */
    public DumpLogTool() {}

    @Override
    public int run(Terminal terminal) throws IOException {
        return repair ? repair(terminal.out()) : dump(terminal.out(), terminal.err());
    }

    @Override
    public int misused() {
        return WRONG_USAGE;
    }

    private int repair(OutputStream target) throws IOException {
        return new RepairTool(new NioLogFileSystem(), new LineWriter(target)).repair(paths(), execute)
                ? DAMAGED
                : SOUND;
    }

    private int dump(OutputStream target, PrintStream err) throws IOException {
        if (execute) {
            throw new UsageException("--execute goes with --repair");
        }
        DumpOptions options = options();
        LogFileSystem fileSystem = new NioLogFileSystem();
        List<DumpedFile> plan = new DumpPlan(fileSystem, options.mode() != Mode.SHOW).files(paths());
        LineWriter lines = new LineWriter(target);
        DumpOutput out = json ? new JsonOutput(lines, options) : new TextOutput(lines, options);
        Problems problems = new Problems(out);
        FileDump dump = new FileDump(fileSystem, options, out, problems);
        try {
            for (DumpedFile file : plan) {
                dump.dump(file);
            }
            out.flush();
        } catch (OutputClosedException readerHasEnough) {
            return status(problems);
        }
        if (problems.count() > 0) {
            err.println(problems.count() + (problems.count() == 1 ? " problem" : " problems") + " found");
        }
        return status(problems);
    }

    private static int status(Problems problems) {
        return problems.count() == 0 ? SOUND : DAMAGED;
    }

    private DumpOptions options() {
        if (offsetsDecoder && transactionsDecoder) {
            throw new UsageException("Give one decoder");
        }
        for (String decoder : decoderClasses) {
            if (!TEXT_DECODERS.contains(decoder)) {
                throw new UsageException("Keys and values are shown as text, not decoded with " + decoder);
            }
        }
        if (maxBytes < 1 || maxMessageSize < 1) {
            throw new UsageException("--max-bytes and --max-message-size must be at least 1");
        }
        Decoder decoder = offsetsDecoder ? Decoder.OFFSETS : transactionsDecoder ? Decoder.TRANSACTIONS : Decoder.NONE;
        Contents contents = deepIteration ? Contents.RECORDS : Contents.BATCHES;
        if (printDataLog || decoder != Decoder.NONE) {
            contents = Contents.KEYS_AND_VALUES;
        }
        Mode mode = indexSanityCheck ? Mode.CHECK_INDEXES : verifyIndexOnly ? Mode.VERIFY_INDEXES : Mode.SHOW;
        return new DumpOptions(mode, contents, decoder, skipRecordMetadata, maxBytes, maxMessageSize);
    }

    private List<Path> paths() {
        List<Path> paths = new ArrayList<>();
        for (List<String> names : List.of(given, files)) {
            for (String name : names) {
                try {
                    paths.add(Path.of(name.strip()));
                } catch (InvalidPathException impossible) {
                    throw new UsageException("\"" + name + "\" cannot be a file's name");
                }
            }
        }
        if (paths.isEmpty()) {
            throw new UsageException("Say which files or folders");
        }
        return paths;
    }
}

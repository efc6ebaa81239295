package io.odradek.server.tools.dump;

import io.odradek.server.tools.UsageException;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which files are shown, and in which order: as they were given; of a partition's folder segment by segment, and then what
 * belongs to all of it; of a log folder its own files, and then its partitions.
 */
final class DumpPlan {
    private static final String DELETED_FOLDER = "-delete";
    private static final Comparator<DumpedFile> IN_ORDER = Comparator.comparing(
                    (DumpedFile file) -> !file.kind().ofSegment())
            .thenComparingLong(DumpedFile::baseOffset)
            .thenComparing(DumpedFile::kind);

    private final LogFileSystem files;
    private final boolean onlyIndexes;

    /** @param onlyIndexes whether nothing else is wanted */
    DumpPlan(LogFileSystem files, boolean onlyIndexes) {
        this.files = files;
        this.onlyIndexes = onlyIndexes;
    }

    /**
     * {@return the files}
     *
     * @param given files and folders
     * @throws UsageException if one is not there, or nothing that can be shown
     */
    List<DumpedFile> files(List<Path> given) throws IOException {
        List<DumpedFile> plan = new ArrayList<>();
        for (Path path : given) {
            if (!files.exists(path)) {
                throw new UsageException("There is no file or folder " + path);
            }
            if (files.isFolder(path)) {
                addFolder(path, plan);
            } else {
                addFile(path, plan);
            }
        }
        return plan;
    }

    private void addFile(Path path, List<DumpedFile> plan) {
        DumpedFile file = DumpedFile.of(path);
        if (file == null) {
            throw new UsageException("By its name, " + path + " is no file of a broker's log folder");
        }
        if (onlyIndexes && !file.kind().isIndex()) {
            throw new UsageException(path + " is no index file");
        }
        plan.add(file);
    }

    private void addFolder(Path folder, List<DumpedFile> plan) throws IOException {
        List<Path> folders = new ArrayList<>();
        int found = addFilesOf(folder, plan, folders);
        folders.sort(Comparator.comparing(DumpPlan::topic).thenComparingInt(DumpPlan::partition));
        for (Path partition : folders) {
            found += addFilesOf(partition, plan, new ArrayList<>());
        }
        if (found == 0) {
            throw new UsageException("The folder " + folder + " holds no files of a broker's logs");
        }
    }

    /** {@return how many files there are, wanted or not} */
    private int addFilesOf(Path folder, List<DumpedFile> plan, List<Path> folders) throws IOException {
        List<DumpedFile> found = new ArrayList<>();
        for (String name : files.list(folder)) {
            Path path = folder.resolve(name);
            DumpedFile file = FileKind.of(name) == null ? null : DumpedFile.of(path);
            if (file != null) {
                found.add(file);
            } else if (!name.endsWith(DELETED_FOLDER) && files.isFolder(path)) {
                folders.add(path);
            }
        }
        found.sort(IN_ORDER);
        for (DumpedFile file : found) {
            if (!onlyIndexes || file.kind().isIndex()) {
                plan.add(file);
            }
        }
        return found.size();
    }

    private static String topic(Path folder) {
        String name = folder.getFileName().toString();
        return name.substring(0, Math.max(0, name.lastIndexOf('-')));
    }

    private static int partition(Path folder) {
        String name = folder.getFileName().toString();
        int number = 0;
        for (int i = name.lastIndexOf('-') + 1; i < name.length() && Character.isDigit(name.charAt(i)); i++) {
            number = number * 10 + Character.digit(name.charAt(i), 10);
        }
        return number;
    }
}

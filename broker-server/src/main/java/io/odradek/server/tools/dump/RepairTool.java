package io.odradek.server.tools.dump;

import io.odradek.server.tools.UsageException;
import io.odradek.server.tools.dump.SegmentScan.Damage;
import io.odradek.storage.io.FolderLockedException;
import io.odradek.storage.io.LogFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says what is to be repaired in folders, and does it if it is told to. */
final class RepairTool {
    private static final String LOCK = ".lock";

    private final LogFileSystem files;
    private final LineWriter out;

    RepairTool(LogFileSystem files, LineWriter out) {
        this.files = files;
        this.out = out;
    }

    /**
     * Repairs.
     *
     * @param folders log folders, or folders of partitions
     * @param execute whether it is done; else it is only said
     * @return whether anything is left to be done
     * @throws UsageException if a path is no folder, or a broker uses it
     */
    boolean repair(List<Path> folders, boolean execute) throws IOException {
        for (Path folder : folders) {
            if (!files.isFolder(folder)) {
                throw new UsageException(
                        folder + " is no folder: --repair takes log folders and folders of partitions");
            }
        }
        List<LogFileSystem.FolderLock> locks = new ArrayList<>();
        try {
            if (execute) {
                lock(folders, locks);
            }
            return work(folders, execute);
        } finally {
            for (LogFileSystem.FolderLock lock : locks) {
                lock.close();
            }
        }
    }

    private void lock(List<Path> folders, List<LogFileSystem.FolderLock> locks) throws IOException {
        Set<Path> logFolders = new LinkedHashSet<>();
        for (Path folder : folders) {
            Path absolute = folder.toAbsolutePath().normalize();
            Path parent = absolute.getParent();
            boolean ofPartition = parent != null && files.exists(parent.resolve(LOCK));
            logFolders.add(ofPartition && !files.exists(absolute.resolve(LOCK)) ? parent : absolute);
        }
        for (Path folder : logFolders) {
            try {
                locks.add(files.lock(folder));
            } catch (FolderLockedException e) {
                throw new UsageException("A broker uses " + folder + ": stop it before anything is repaired there");
            }
        }
    }

    private boolean work(List<Path> folders, boolean execute) throws IOException {
        RepairPlan plan = new RepairPlan(files);
        for (Path folder : folders) {
            plan.add(folder);
        }
        for (String note : plan.notes()) {
            out.line("note: " + note);
        }
        RepairRun run = new RepairRun(files);
        for (Repair repair : plan.repairs()) {
            tell(repair);
            if (execute) {
                out.line("  done: the old file is " + run.run(repair));
            }
        }
        int count = plan.repairs().size();
        if (count == 0) {
            out.line("Nothing is to be repaired.");
        } else if (execute) {
            out.line(count + (count == 1 ? " file" : " files") + " repaired. Start the broker; what was replaced can be"
                    + " deleted once nobody misses it.");
        } else {
            out.line("Nothing has been changed. Add --execute to do this, while the broker is stopped.");
        }
        out.flush();
        return count > 0 && !execute;
    }

    private void tell(Repair repair) throws IOException {
        if (repair instanceof Repair.SetAside aside) {
            out.line(aside.path() + ": " + aside.why());
            out.line("  to be renamed, so that nobody reads it; the broker makes what it needs anew");
        } else if (repair instanceof Repair.Splice splice) {
            out.line(splice.path() + ":");
            long lost = 0;
            for (Damage damage : splice.scan().damages()) {
                lost += damage.bytes().sizeBytes();
                out.line("  bytes " + damage.bytes().from() + " to "
                        + (damage.bytes().to() - 1) + ": " + damage.why() + "; offsets " + offsets(damage));
            }
            out.line("  to be written anew without these " + lost
                    + " bytes; the old file and its indexes to be renamed");
        }
    }

    private static String offsets(Damage damage) {
        return damage.nextOffset() == Long.MAX_VALUE
                ? "from " + damage.firstOffset() + " on are lost"
                : damage.nextOffset() > damage.firstOffset()
                        ? damage.firstOffset() + " to " + (damage.nextOffset() - 1) + " are lost"
                        : "are not affected";
    }
}

package io.odradek.storage.io;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * The names in folders, twice: as the operating system has them, and as the disk has them. Changes that touch the same
 * name reach the disk in their order; others in any order.
 */
final class SimulatedNames {
    /** A folder's entries: {@link SimulatedFile} or {@link Folder} by name. */
    static final class Folder {
        final TreeMap<String, Object> entries = new TreeMap<>();
        private TreeMap<String, Object> diskEntries = new TreeMap<>();
    }

    private record Name(Folder folder, String name) {}

    /** A name taken away, a name given, or both (a rename); what is absent is null. */
    private record Change(Name removed, Name added, Object entry) {
        void applyToDisk() {
            if (removed != null) {
                removed.folder.diskEntries.remove(removed.name);
            }
            if (added != null) {
                added.folder.diskEntries.put(added.name, entry);
            }
        }

        boolean touchesFolder(Folder folder) {
            return (removed != null && removed.folder == folder) || (added != null && added.folder == folder);
        }

        boolean touchesAny(Set<Name> names) {
            return (removed != null && names.contains(removed)) || (added != null && names.contains(added));
        }

        void addNamesTo(Set<Name> names) {
            if (removed != null) {
                names.add(removed);
            }
            if (added != null) {
                names.add(added);
            }
        }
    }

    private final Folder root = new Folder();
    private List<Change> unforced = new ArrayList<>();

    Folder root() {
        return root;
    }

    void add(Folder folder, String name, Object entry) {
        folder.entries.put(name, entry);
        unforced.add(new Change(null, new Name(folder, name), entry));
    }

    void remove(Folder folder, String name) {
        folder.entries.remove(name);
        unforced.add(new Change(new Name(folder, name), null, null));
    }

    void rename(Folder fromFolder, String from, Folder toFolder, String to) {
        Object entry = fromFolder.entries.remove(from);
        toFolder.entries.put(to, entry);
        unforced.add(new Change(new Name(fromFolder, from), new Name(toFolder, to), entry));
    }

    /** Makes the folder's changes durable, with the earlier changes of the same names elsewhere. */
    void force(Folder folder) {
        Set<Name> needed = new HashSet<>();
        boolean[] forced = new boolean[unforced.size()];
        for (int i = unforced.size() - 1; i >= 0; i--) {
            Change change = unforced.get(i);
            if (change.touchesFolder(folder) || change.touchesAny(needed)) {
                change.addNamesTo(needed);
                forced[i] = true;
            }
        }
        List<Change> remaining = new ArrayList<>();
        for (int i = 0; i < forced.length; i++) {
            if (forced[i]) {
                unforced.get(i).applyToDisk();
            } else {
                remaining.add(unforced.get(i));
            }
        }
        unforced = remaining;
    }

    /** Each change that was not forced is kept or lost by chance; what builds on a lost one is lost too. */
    void losePower(Random random) {
        Set<Name> lost = new HashSet<>();
        for (Change change : unforced) {
            if (change.touchesAny(lost) || random.nextBoolean()) {
                change.addNamesTo(lost);
            } else {
                change.applyToDisk();
            }
        }
        unforced.clear();
        reload(root, random);
    }

    private void reload(Folder folder, Random random) {
        folder.entries.clear();
        folder.entries.putAll(folder.diskEntries);
        for (Object entry : folder.entries.values()) {
            if (entry instanceof Folder child) {
                reload(child, random);
            } else {
                ((SimulatedFile) entry).losePower(random);
            }
        }
    }
}

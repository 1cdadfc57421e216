"""Every real picture is taken in: right way up, in its colours, its place told, stripped."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat
from pillow_heif import register_heif_opener

from reports.darkroom.headers import fitted
from tests.conftest import needs
from tests.photos.conftest import Handle, Sample, samples
from tests.photos.jpegs import segments

GOOD = samples("good/")
good = pytest.mark.parametrize("sample", GOOD, ids=lambda sample: Path(sample.file).name)
JFIF, QUANTISATION, FRAME, HUFFMAN = 0xE0, 0xDB, 0xC0, 0xC4


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures' pixels, 0 to 255, at the size of a stamp."""
    stamps = (picture.convert("RGB").resize((48, 48)) for picture in (one, other))
    return sum(ImageStat.Stat(ImageChops.difference(*stamps)).mean) / 3


def plainly(sample: Sample) -> Image.Image:
    """The same picture by another way: decoded whole, turned, put on white, then its colours."""
    register_heif_opener()
    image = Image.open(io.BytesIO(sample.read()))
    image.load()
    turned = ImageOps.exif_transpose(image)
    assert turned is not None
    if turned.has_transparency_data:
        white = Image.new("RGBA", turned.size, "white")
        turned = Image.alpha_composite(white, turned.convert("RGBA")).convert("RGB")
    if profile := image.info.get("icc_profile"):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() == turned.mode:
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(turned, source, srgb, outputMode="RGB")
            assert converted is not None
            return converted
    return turned.convert("RGB")


def test_the_real_pictures_are_here() -> None:
    needs(bool(GOOD), "../shared/data/photos")

    assert len(GOOD) == 66


@good
def test_a_good_photo_is_accepted_in_proportion(sample: Sample, handle: Handle) -> None:
    photo = handle(sample.read()).photo

    size = sample.width, sample.height
    expected = fitted(size if sample.orientation not in {5, 6, 7, 8} else size[::-1], 1600)
    assert (photo.width, photo.height) == expected
    assert picture(photo.large).size == expected
    assert picture(photo.small).size == fitted(expected, 400)
    assert len(photo.thumbhash) > 4
    assert -(2**63) <= photo.likeness < 2**63


@good
@pytest.mark.filterwarnings("ignore")  # Pillow warns of the metadata that these files break
def test_a_good_photo_looks_as_another_decoder_shows_it(sample: Sample, handle: Handle) -> None:
    photo = handle(sample.read()).photo

    other = io.BytesIO()
    plainly(sample).save(other, "JPEG", quality=85)  # what JPEG does to an icon is no matter here
    assert difference(picture(photo.small), picture(other.getvalue())) < 4


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_orientation_comes_out_right_way_up(
    orientation: int, handle: Handle, shared_data: Path
) -> None:
    folder = shared_data / "photos" / "good"
    upright = picture(handle((folder / "orient_Portrait_1.jpg").read_bytes()).photo.small)

    turned = handle((folder / f"orient_Portrait_{orientation}.jpg").read_bytes()).photo

    assert difference(upright, picture(turned.small)) < 3  # each bears its own number
    mirrored = ImageOps.mirror(picture(turned.small))
    assert difference(upright, mirrored) > 10  # a picture turned wrongly would be told apart


def test_a_mirrored_and_turned_file_has_the_likeness_of_the_upright_one(
    handle: Handle, shared_data: Path
) -> None:
    folder = shared_data / "photos" / "good"
    portraits = [folder / f"orient_Portrait_{number}.jpg" for number in range(1, 9)]

    hashes = [handle(path.read_bytes()).photo.likeness for path in portraits]
    other = handle((folder / "phone_HTC_One.jpg").read_bytes()).photo.likeness

    assert max((hashes[0] ^ each).bit_count() for each in hashes) <= 6
    assert (hashes[0] ^ other).bit_count() > 12


@good
def test_the_place_is_proposed_where_the_photo_has_one(sample: Sample, handle: Handle) -> None:
    photo = handle(sample.read()).photo

    if sample.lat is None or (sample.lat, sample.lng) == (0, 0):
        assert (photo.lat, photo.lng) == (None, None)
    else:
        assert sample.lng is not None
        assert photo.lat == pytest.approx(sample.lat, abs=1e-4)
        assert photo.lng == pytest.approx(sample.lng, abs=1e-4)


@good
def test_no_metadata_is_left_in_any_byte(sample: Sample, handle: Handle) -> None:
    photo = handle(sample.read()).photo

    for jpeg in (photo.large, photo.small):
        found = list(segments(jpeg))
        assert {marker for marker, _ in found} == {JFIF, QUANTISATION, FRAME, HUFFMAN}
        assert [content for marker, content in found if marker == JFIF] == [
            b"JFIF\0\1\1\0\0\1\0\1\0\0"  # version and square pixels: nothing of the camera
        ]


def test_the_real_pictures_stay_within_their_lanes(handle: Handle) -> None:
    needs(bool(GOOD), "../shared/data/photos")

    answers = [handle(sample.read()).answer for sample in GOOD]

    assert max(answer.peak_bytes for answer in answers if answer) <= 128 << 20
    assert max(answer.cpu_seconds for answer in answers if answer) < 2

"""Types of Qt's binding that threads use, made while there is but one thread.

The binding makes an enumeration when it is first asked for, and two threads that ask at once crash
the program. Whoever starts threads imports this.
"""

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageIOHandler, QImageReader, QPainter

MADE = (
    QByteArray,
    QColorSpace.NamedColorSpace.SRgb,
    QImage.Format.Format_RGB32,
    QImageIOHandler.Transformation.TransformationNone,
    QImageReader.ImageReaderError.UnknownError,
    QPainter.CompositionMode.CompositionMode_SourceOver,
    QPainter.RenderHint.SmoothPixmapTransform,
    QRect,
    QSize,
    Qt.AspectRatioMode.KeepAspectRatio,
    Qt.ClipOperation.IntersectClip,
    Qt.TransformationMode.SmoothTransformation,
)

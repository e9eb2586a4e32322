from django import forms

from unionportal.core.common.widgets import PhotosField


class PhotosForm(forms.Form):
    photos = PhotosField(label="照片", required=False)

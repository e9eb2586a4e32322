"""`{% load visits %}`: an issue's state as casework shows it, for the issues a visit mentions."""

from django import template

from casework.presentation import state_look

register = template.Library()
register.filter("state_look", state_look)
